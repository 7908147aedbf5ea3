using Serverless.Serving.Text;

namespace Serverless.Training.Samples;

/// <summary>
/// Messages of bank customers in Chinese (simplified), written for this project: 16 intents with 40 texts each, worded differently, some with
/// Latin letters, digits or emoji, and 40 texts that belong to none of them. No message is from a real customer or another data set.
/// </summary>
public static class ChineseCustomerServiceSample
{
    /// <summary>The sample's portfolio.</summary>
    public const string Portfolio = "customer-service-zh";

    /// <summary>The contract of the messages.</summary>
    public static TextContract Contract { get; } = CustomerServiceSample.Contract with
    {
        Portfolio = Portfolio,
        AiDisclosure = "您正在与人工智能系统对话：阅读您消息的是程序，不是真人。",
        Behaviour = new() { Greetings = ["你好，{text}", "您好！{text}", "{text}，谢谢", "请问{text}", "麻烦问一下，{text}"] },
    };

    /// <summary>Opens the set as CSV (UTF-8) with the columns <c>text</c> and <c>intent</c>.</summary>
    public static Stream OpenCsv() => typeof(ChineseCustomerServiceSample).Assembly.GetManifestResourceStream("customer-service.zh.csv")!;
}
